#!/bin/bash
# First process of the guest, whose root is this machine's, by hostfs. The words RUN and OUT of the
# kernel's command line arrive as environment: what to run, and the folder for what comes of it.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C PYTHONDONTWRITEBYTECODE=1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmpfs /run
mkdir -p /dev/net /dev/shm /run/modules/lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" "/run/modules/lib/modules/$(uname -r)"
# The kernel loads by itself what it lacks: ciphers, kinds of devices, IPsec modes.
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/modules "$@"\n' >/run/modprobe
chmod 755 /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
modprobe -a -d /run/modules -S "$(uname -r)" tun veth ${MODULES//,/ }
ip link set lo up
/usr/bin/python3 "$RUN" >"$OUT/log" 2>&1 </dev/null
sync
echo o >/proc/sysrq-trigger  # power off; it takes a moment
sleep 5
