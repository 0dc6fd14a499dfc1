# SPDX-License-Identifier: GPL-3.0-or-later
studiesdir = $(pkgdatadir)/studies
dist_studies_DATA = \
	studies/study.rng \
	studies/load-balancing.xml studies/load-balancing-paper.xml \
	studies/single.xml studies/smoke.xml
