-- What 配置完成 made live instead of the order's version, beside that: JSON of domain::view::difference::VersionDifference.
ALTER TABLE work_order ADD COLUMN configured_difference TEXT;
