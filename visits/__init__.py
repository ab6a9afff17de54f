"""Who went there: visits, what is due, reports of danger, and the phones that send them."""
