"""The file on paper: each form is declared as blocks of cells, the page and the PDF draw the same."""
