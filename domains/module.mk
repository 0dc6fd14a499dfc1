# SPDX-License-Identifier: GPL-3.0-or-later
xendomainsdir = $(pkgdatadir)/domains
dist_xendomains_DATA = domains/xen-pv.xml domains/xen-pvh.xml domains/xen-hvm.xml
