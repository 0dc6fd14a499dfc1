# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/run/librun.a
src_run_librun_a_SOURCES =
