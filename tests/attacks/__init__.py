"""`python -m tests.attacks`: plays the hostile and faulty cases of `../shared/attacks/cases.yaml` in sandboxes."""
