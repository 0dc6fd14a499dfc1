# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += workloads/libprotocol.a
workloads_libprotocol_a_SOURCES = workloads/protocol.h
