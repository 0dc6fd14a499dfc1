# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/lab/liblab.a
src_lab_liblab_a_SOURCES = src/lab/lab.h
