"""汇总表 as they are printed, whatever the file: of live figures, or as they were reported."""
