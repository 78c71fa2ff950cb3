from hypothesis import settings

# Machines that run tests are shared: a slow example says nothing about the code.
settings.register_profile("search", deadline=None)
# The same examples in every run: what passed before a change is sent in passes after it. `make search` draws new ones.
settings.register_profile("steady", parent=settings.get_profile("search"), derandomize=True)
settings.load_profile("steady")
