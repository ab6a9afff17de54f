"""Access: the matrix of roles and permissions, scope, what each page and API action demands."""
