# SPDX-License-Identifier: GPL-3.0-or-later
EXTRA_DIST += \
	packaging/build-deb packaging/build-rpm packaging/reproducible packaging/test-in-chroot \
	packaging/debian packaging/migcost.spec packaging/rpmlint.toml

# Packages of this version, in packages/ of the build tree.
.PHONY: deb rpm
deb: dist
	$(srcdir)/packaging/build-deb $(distdir).tar.xz packages/deb $(DEB_OPTIONS)
rpm: dist
	$(srcdir)/packaging/build-rpm $(distdir).tar.xz packages/rpm $(RPM_OPTIONS)
