-- The invocation log as a table of Athena: one record a line, as Bedrock writes it, unpacked by Athena.
-- Put the bucket and prefix of model-invocation logging in the last line.
CREATE EXTERNAL TABLE IF NOT EXISTS bedrock_invocation_log (record string)
STORED AS TEXTFILE
LOCATION 's3://my-invocation-logs/AWSLogs/';
