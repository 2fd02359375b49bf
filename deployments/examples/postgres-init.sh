#!/bin/sh
# Run once by the postgres image on an empty volume: a database and a login each for Vigie and Prefect.
set -eu
for name in vigie prefect; do
    eval "password=\$$(echo "$name" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    psql --username postgres --set ON_ERROR_STOP=1 --set name="$name" --set password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
SQL
done
