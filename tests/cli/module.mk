# SPDX-License-Identifier: GPL-3.0-or-later
dist_check_SCRIPTS += tests/cli/test-study-man.sh
TESTS += tests/cli/test-study-man.sh
