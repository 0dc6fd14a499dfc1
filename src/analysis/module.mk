# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/analysis/libanalysis.a
src_analysis_libanalysis_a_SOURCES =
