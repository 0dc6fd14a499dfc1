# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += src/plan/libplan.a
src_plan_libplan_a_SOURCES = \
	src/plan/assign.c src/plan/assign.h \
	src/plan/balance.c src/plan/balance.h \
	src/plan/bandwidth.c src/plan/bandwidth.h \
	src/plan/bound.c src/plan/bound.h \
	src/plan/fleet-column.c src/plan/fleet-column.h \
	src/plan/fleet-columns.c src/plan/fleet-columns.h \
	src/plan/fleet-draft.c src/plan/fleet-draft.h \
	src/plan/fleet-entries.c src/plan/fleet-entries.h \
	src/plan/fleet-file.c src/plan/fleet-file.h \
	src/plan/fleet-part.c src/plan/fleet-part.h \
	src/plan/fleet-nova.c src/plan/fleet-virsh.c src/plan/fleet-proxmox.c src/plan/fleet-kubevirt.c src/plan/fleet-rvtools.c \
	src/plan/fleet-reader.c src/plan/fleet-reader.h \
	src/plan/fleet-text.c src/plan/fleet-text.h \
	src/plan/fleet-tools.c src/plan/fleet-tools.h \
	src/plan/forecast.c src/plan/forecast.h \
	src/plan/input.c src/plan/input.h \
	src/plan/list-schedule.c src/plan/list-schedule.h \
	src/plan/memory-limits.c src/plan/memory-limits.h \
	src/plan/objective.c src/plan/objective.h \
	src/plan/obstacle.c src/plan/obstacle.h \
	src/plan/order.c src/plan/order.h \
	src/plan/orders.c src/plan/orders.h \
	src/plan/parking.c src/plan/parking.h \
	src/plan/plan.c src/plan/plan.h src/plan/plan-report.h \
	src/plan/quantity.c src/plan/quantity.h \
	src/plan/rolling.c src/plan/rolling.h \
	src/plan/search.c src/plan/search.h \
	src/plan/sheet.c src/plan/sheet.h \
	src/plan/study-forecast.c src/plan/study-forecast.h \
	src/plan/succession.c src/plan/succession.h \
	src/plan/subfleet.c src/plan/subfleet.h \
	src/plan/target-state.c src/plan/target-state.h \
	src/plan/task.c src/plan/task.h \
	src/plan/verdict.c src/plan/verdict.h \
	src/plan/waits.c src/plan/waits.h
