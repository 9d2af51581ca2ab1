module arcade

go 1.26
