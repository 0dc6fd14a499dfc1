# SPDX-License-Identifier: GPL-3.0-or-later
studiesdir = $(pkgdatadir)/studies
dist_studies_DATA = \
	studies/study.rng \
	studies/bottleneck.xml studies/concurrency.xml studies/dirty-rate.xml studies/interference.xml \
	studies/load-balancing.xml studies/load-balancing-paper.xml studies/maintenance.xml studies/many.xml studies/paper.xml \
	studies/sending-cost.xml studies/server.xml studies/service.xml studies/single.xml studies/size.xml studies/smoke.xml \
	studies/techniques.xml studies/working-set.xml
