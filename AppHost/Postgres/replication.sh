#!/bin/sh
# Run once, when the server's data is made: lets the role of the standby stream. An existing volume needs the same line by hand.
echo "host replication replication all scram-sha-256" >> "$PGDATA/pg_hba.conf"
