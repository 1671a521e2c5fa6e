-- JSON of 运行参数, the values for test; those for live are the registration's.
ALTER TABLE publication ADD COLUMN test_parameters TEXT NOT NULL DEFAULT '[]';
