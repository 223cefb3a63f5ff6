#!/bin/sh
# Writes a backup into TRACKER_BACKUP_DIR and reads it again to its last row. Then of the archives that this script made
# the newest of each of the last 30 days and of each of the last 12 months stay; whatever has another name stays too.
# Run by tracker-backup.timer, and by the service `backup` of the compose file.
set -eu
umask 077

folder=${TRACKER_BACKUP_DIR:?}
file="tracker-$(date +%Y%m%d-%H%M%S).tar"
# Until it was read again it has a name that counts for nothing, here and with `flask doctor`.
trap 'rm -f -- "$folder/.$file"' EXIT
trap 'exit 143' TERM INT HUP  # else a shell that is ended runs nothing at its exit
# What was killed outright could remove nothing: it is a whole archive, which nobody sees.
find "$folder" -maxdepth 1 -type f -name '.tracker-[0-9]*-[0-9]*.tar' -mmin +1440 -exec rm -f -- {} +
flask backup "$folder/.$file"
flask restore --verify "$folder/.$file"
mv -- "$folder/.$file" "$folder/$file"

cd "$folder"
ls | grep -E '^tracker-[0-9]{8}-[0-9]{6}\.tar$' | sort -r | awk '
    { day = substr($0, 9, 8); month = substr($0, 9, 6); stays = 0 }
    day != last_day { last_day = day; if (++days <= 30) stays = 1 }
    month != last_month { last_month = month; if (++months <= 12) stays = 1 }
    !stays { print }
' | while read -r old; do
    rm -- "$old"
    echo "removed $old"
done
