"""scikit-learn's own checks, as far as they hold without a matrix of numbers."""

import pytest
from sklearn.utils import estimator_checks

# All that need no input, or refuse before they look at it.
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
# Those that a newer or older scikit-learn calls otherwise are left out.
CHECKS = [
    getattr(estimator_checks, name) for name in NAMES if hasattr(estimator_checks, name)
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_checks_of_scikit_learn_pass(make, check):
    estimator_class = type(make())
    check(estimator_class.__name__, estimator_class())


def test_hardly_a_check_is_left_out():
    assert len(CHECKS) >= 12


def test_the_general_check_says_nothing_about_text(make):
    """Why `skw2v.testing` exists; if this fails, scikit-learn has come to help."""
    with pytest.warns(Warning, match="Can't test estimator"):
        checks = list(estimator_checks.estimator_checks_generator(make()))
    assert [check.func.__name__ for _, check in checks] == ["check_estimator_cloneable"]


def test_documents_are_declared_as_the_input(make):
    tags = make().__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.transformer_tags.preserves_dtype == ["float32"]
    assert tags.requires_fit
    assert not tags.target_tags.required
