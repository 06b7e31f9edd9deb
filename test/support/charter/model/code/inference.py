def model_fn(directory): return {}
