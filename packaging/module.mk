# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += \
	packaging/build-deb packaging/build-rpm packaging/cross-in-chroot packaging/reproducible packaging/test-in-chroot \
	packaging/debian packaging/migcost.spec packaging/rpmlint.toml

# Packages of this version, in packages/ of the build tree.
.PHONY: deb deb-arm64 rpm
deb: dist
	$(srcdir)/packaging/build-deb $(distdir).tar.xz packages/deb $(DEB_OPTIONS)
deb-arm64: dist
	$(srcdir)/packaging/cross-in-chroot $(distdir).tar.xz packages/deb-arm64 arm64
rpm: dist
	$(srcdir)/packaging/build-rpm $(distdir).tar.xz packages/rpm $(RPM_OPTIONS)
