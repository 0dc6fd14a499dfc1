# SPDX-License-Identifier: GPL-3.0-or-later
domainsdir = $(pkgdatadir)/domains
dist_domains_DATA = \
	domains/qemu-kvm.xml domains/qemu-tcg.xml domains/qemu-tcg-aarch64.xml \
	domains/xen-hvm.xml domains/xen-pv.xml domains/xen-pvh.xml
