"""A page on which a training can be followed step by step.

`page` puts it together from the files beside it: `index.html`, `page.css`, and scripts.
They take the steps of `explain`, and show what `trace` has recorded of `fit`.
"""
