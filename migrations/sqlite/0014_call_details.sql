-- What a project keeps of its calls beside their rows: all, failures or none.
ALTER TABLE projects ADD COLUMN keep_details TEXT NOT NULL DEFAULT 'all';
