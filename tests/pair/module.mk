# SPDX-License-Identifier: GPL-3.0-or-later
# What the pairs of emulated hosts share: tests/xen, tests/kvm. Installed too, so that they can be had
# without the sources.
pairdir = $(pkglibexecdir)/pair
dist_pair_SCRIPTS = tests/pair/certificates tests/pair/install-certificates tests/pair/build-image tests/pair/unpack-kernel tests/pair/host-initramfs tests/pair/host-wake
dist_pair_DATA = \
	tests/pair/pair.sh tests/pair/host.sh tests/pair/cache.sh tests/pair/image.sh tests/pair/host-init.sh \
	tests/pair/libvirtd.conf
EXTRA_DIST += tests/pair/lib-pair.sh tests/pair/lib-network.sh
