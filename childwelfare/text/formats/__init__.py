"""How dates are written where Django's own formats are not what a Chinese office or its English reader expects."""
