# SPDX-License-Identifier: GPL-3.0-or-later
# The emulated Xen pair: installed too, so that it can be had without the sources. check-xen is a target of
# its own: it needs minutes, packages from an archive, and 6 GB of memory.
xendir = $(pkglibexecdir)/xen
dist_xen_SCRIPTS = \
	tests/xen/xen-pair tests/xen/build-image tests/xen/image-hook tests/xen/unpack-kernel \
	tests/xen/dom0-init tests/xen/dom0-initramfs tests/xen/dom0-wake
dist_xen_DATA = \
	tests/xen/facts.sh tests/xen/host.sh tests/xen/cache.sh tests/xen/libvirtd.conf

XEN_TESTS = tests/xen/test-pair.sh
EXTRA_DIST += $(XEN_TESTS)

.PHONY: check-xen
check-xen: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(XEN_TESTS)'
