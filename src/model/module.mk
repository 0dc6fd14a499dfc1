# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/model/libmodel.a
src_model_libmodel_a_SOURCES = \
	src/model/accuracy.c src/model/accuracy.h \
	src/model/adjust.c src/model/adjust.h \
	src/model/calibrate.c src/model/calibrate.h \
	src/model/calibrations.c src/model/calibrations.h \
	src/model/copied-disks.c src/model/copied-disks.h \
	src/model/cpu-rates.c src/model/cpu-rates.h \
	src/model/cpu-scheduler.c src/model/cpu-scheduler.h \
	src/model/departures.c src/model/departures.h \
	src/model/event-heap.c src/model/event-heap.h \
	src/model/fair-share.c src/model/fair-share.h \
	src/model/fit.c \
	src/model/fit-rows.c src/model/fit-rows.h \
	src/model/fleet.c src/model/fleet.h \
	src/model/fleet-records.c \
	src/model/full-size.c src/model/full-size.h \
	src/model/link-rate.c src/model/link-rate.h \
	src/model/migration-index.c src/model/migration-index.h \
	src/model/migration-phases.c src/model/migration-phases.h \
	src/model/model.c src/model/model.h \
	src/model/outage-model.c src/model/outage-model.h \
	src/model/prediction-check.c src/model/prediction-check.h \
	src/model/prediction-ranking.c src/model/prediction-ranking.h \
	src/model/predictors.c \
	src/model/quantity.c src/model/quantity.h \
	src/model/rate-limits.c src/model/rate-limits.h \
	src/model/rates.c src/model/rates.h \
	src/model/round-index.c src/model/round-index.h \
	src/model/uplink-rates.c src/model/uplink-rates.h \
	src/model/simulation.c src/model/simulation-state.h \
	src/model/trainer.c \
	src/model/training.c src/model/training.h
