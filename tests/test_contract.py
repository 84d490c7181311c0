"""scikit-learn's own checks that don't need a numeric matrix as input."""

import pytest
from sklearn.utils import estimator_checks

# Checks that need no input, or that expect an error before the input is read.
NAMES = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_estimators_unfitted",
    "check_get_feature_names_out_error",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_param_validation",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_transformers_unfitted",
    "check_valid_tag_types",
]
# Checks that have another name in a newer or older scikit-learn are skipped.
CHECKS = [
    getattr(estimator_checks, name) for name in NAMES if hasattr(estimator_checks, name)
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_scikit_learn_checks_pass(make, check):
    estimator_class = type(make())
    check(estimator_class.__name__, estimator_class())


def test_few_checks_are_skipped():
    assert len(CHECKS) >= 12


def test_the_general_check_skips_text_vectorizers(make):
    """Show why `skw2v.testing` exists; if this fails, scikit-learn checks text too."""
    with pytest.warns(Warning, match="Can't test estimator"):
        checks = list(estimator_checks.estimator_checks_generator(make()))
    assert [check.func.__name__ for _, check in checks] == ["check_estimator_cloneable"]


def test_tags_declare_documents_as_the_input(make):
    tags = make().__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.transformer_tags.preserves_dtype == ["float32"]
    assert tags.requires_fit
    assert not tags.target_tags.required
