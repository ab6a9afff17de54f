"""Reading tables well: pages by key, counts that are capped, queries whose SQL is put together once."""
