#!/bin/sh
# Run once, when the server's data is made: lets the roles of the standby and of the backups stream. An existing volume needs the same line by hand.
echo "host replication replication,backup all scram-sha-256" >> "$PGDATA/pg_hba.conf"
