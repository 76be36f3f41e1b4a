-- Keeps the number of a change that is being made beside this one.
SELECT 1;
