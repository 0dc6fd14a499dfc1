# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += migcost
migcost_SOURCES = src/cli/main.c
# in the order of the arrows: what uses comes before what is used
MIG_LIBS = \
	src/report/libreport.a src/analysis/libanalysis.a \
	src/run/librun.a src/lab/liblab.a src/virt/libvirt_room.a \
	src/results/libresults.a src/study/libstudy.a workloads/libprotocol.a src/base/libbase.a \
	$(LIBVIRT_LIBS) $(LIBXML_LIBS) $(JSON_LIBS) $(GSL_LIBS) $(CSV_LIBS) $(GLIB_LIBS)
migcost_LDADD = $(MIG_LIBS)
