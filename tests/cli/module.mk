# SPDX-License-Identifier: GPL-3.0-or-later
CLI_TESTS = tests/cli/test-bad-input.sh tests/cli/test-commands.sh tests/cli/test-recorded.sh tests/cli/test-rooms.sh tests/cli/test-study-man.sh
TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS) tests/tap.sh
