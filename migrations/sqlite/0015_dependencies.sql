-- JSON of what a build was made with, for the difference between two versions.
ALTER TABLE build_result ADD COLUMN dependencies TEXT NOT NULL DEFAULT '[]';
