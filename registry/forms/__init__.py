from registry.forms.child import ChildForm

__all__ = ["ChildForm"]
