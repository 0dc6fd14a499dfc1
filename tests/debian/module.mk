# SPDX-License-Identifier: GPL-3.0-or-later
# A release of Debian's, in a system of its own: targets of their own, as they need root and an archive of packages.
# Other tests may run beside them: their summary has a file of its own.
DEBIAN_TESTS = tests/debian/test-debian12.sh tests/debian/test-debian13.sh
EXTRA_DIST += tests/debian/in-debian tests/debian/lib-debian.sh $(DEBIAN_TESTS)

.PHONY: check-debian12 check-debian13
check-debian12 check-debian13: all
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='tests/debian/test-$(@:check-%=%).sh' \
	  TEST_SUITE_LOG=tests/debian/test-suite.log
