/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>

#include "results/columns.h"

/* The one place that says what a result directory's tables hold. RECORD is the table's struct. */
/* clang-format off */
#define INT(member, unit, meaning) \
  { #member, MIG_TYPE_INT, unit, meaning, offsetof (RECORD, member) }
#define DOUBLE(member, unit, meaning) \
  { #member, MIG_TYPE_DOUBLE, unit, meaning, offsetof (RECORD, member) }
#define TEXT(member, meaning) \
  { #member, MIG_TYPE_STRING, NULL, meaning, offsetof (RECORD, member) }
/* clang-format on */

#define RUN_KEY INT (run, "1", "the run, a key of runs.csv")

#define RECORD MigScheduleRecord
static const MigColumn schedule_columns[] = {
  INT (position, "1", "place in the schedule, from 1"),
  TEXT (case_label, "the case: classes of the guests in the order of their migration"),
  INT (repetition, "1", "repetition of the case, from 1"),
};
#undef RECORD

#define RECORD MigParameterRecord
static const MigColumn parameter_columns[] = {
  TEXT (case_label, "the case"),
  TEXT (parameter, "what was swept"),
  TEXT (value, "its value in this case, as the study has it"),
  DOUBLE (value_number, "1", "the value as a number of that unit; empty for a text"),
  TEXT (unit, "bytes, bytes/s, pages/s, ns or 1; empty where the value is no number"),
};
#undef RECORD

#define RECORD MigPredictionRecord
static const MigColumn prediction_columns[] = {
  TEXT (case_label, "the case"),
  TEXT (order_name, "what the plan calls this order, such as plan or by name"),
  TEXT (guest, "the guest whose migration it is about; empty: the whole case"),
  TEXT (quantity, "what was predicted: a word of migcost-study(5), <prediction>"),
  INT (value_ns, "ns",
       "the prediction; work that is lost: nanoseconds of work, negative where some is gained"),
  INT (low_ns, "ns", "lower end of its 95 % prediction interval; empty: not known"),
  INT (high_ns, "ns", "upper end of it; empty: not known"),
  TEXT (model, "where it comes from: the model and what it was calibrated with"),
};
#undef RECORD

#define RECORD MigRunRecord
static const MigColumn run_columns[] = {
  INT (run, "1", "number of the run in this directory, from 1: the key of the other tables"),
  TEXT (case_label, "the case that was run"),
  INT (repetition, "1", "repetition of the case, from 1"),
  TEXT (status, "ok, failed, interrupted or skipped"),
  TEXT (reason, "why it is not ok; empty if it is"),
  INT (started_ns, "ns", "first guest asked to start"),
  INT (ready_ns, "ns", "all guests ready and their throughput steady"),
  INT (window_start_ns, "ns", "start of the baseline, which is the start of the window"),
  INT (migrations_start_ns, "ns", "first migration called"),
  INT (migrations_end_ns, "ns", "last migration returned"),
  INT (window_end_ns, "ns", "end of the window"),
  INT (ended_ns, "ns", "guests destroyed"),
  INT (own_wait_ns, "ns",
       "of the window: for how long migcost, which stamps events and heartbeats, waited for a CPU; "
       "empty: not known"),
  INT (observing_before_ns, "ns",
       "CPU time that migcost and, in the lab, the hosts' daemons took in the baseline"),
  INT (observing_during_ns, "ns",
       "the same while guests migrated, what the daemons did for the migrations included"),
  INT (observing_after_ns, "ns", "the same in the rest of the window"),
};
#undef RECORD

#define RECORD MigGuestRecord
static const MigColumn guest_columns[] = {
  RUN_KEY,
  TEXT (guest, "name of the guest"),
  TEXT (class_name, "its class: the workload's name in the study"),
  TEXT (workload, "cpu, memory, io or idle; existing: an existing guest, its work unknown"),
  INT (memory_bytes, "bytes", "memory of the guest"),
  INT (vcpus, "1", "its vCPUs; empty: as many as its template has"),
  INT (wss_bytes, "bytes", "working set that the memory workload updates"),
  INT (rate_pages_per_s, "pages/s", "dirty rate asked for; empty: as fast as it can"),
  INT (migrates, "1", "1: it migrates in this run (VMmg); 0: it stays (VMco)"),
  TEXT (host_before, "host it started on"),
  TEXT (host_after, "host it was on at the end; empty: it had ended, or it is not known"),
  INT (period_ns, "ns", "heartbeat period while it does not migrate"),
  INT (heartbeats, "1", "heartbeat lines received"),
  INT (heartbeats_lost, "1", "sequence numbers never seen"),
  INT (heartbeats_backwards, "1", "sequence numbers that went back: sign of a damaged guest"),
  INT (checksum_errors, "1", "heartbeat lines whose checksum was wrong"),
  TEXT (alarm, "first sign of damage (corrupted page, kernel BUG, panic); empty: sound"),
  INT (dirty_bytes_per_s, "bytes/s",
       "how fast an existing guest, or one that migrates, dirtied its memory before it moved, by "
       "the hypervisor, over a second, in steps of 1 MiB/s; empty: not measured"),
  TEXT (dirty_method,
        "how that was measured: page-sampling, or dirty-ring where the guest has that feature"),
  TEXT (start, "how it came to be there: booted or restored; empty: an existing guest"),
};
#undef RECORD

#define RECORD MigMigrationRecord
static const MigColumn migration_columns[] = {
  RUN_KEY,
  INT (step, "1", "place in the sequence, from 1; migrations at the same time share it"),
  TEXT (guest, "name of the guest"),
  TEXT (source, "host it left"),
  TEXT (destination, "host it went to"),
  TEXT (status, "ok, failed, timed-out, aborted, damaged, or interrupted (a watch has not seen its "
                "end)"),
  TEXT (reason, "why it is not ok; empty if it is"),
  INT (start_ns, "ns", "virDomainMigrate3 called; empty: a watch has not seen it begin"),
  INT (end_ns, "ns", "virDomainMigrate3 returned"),
  INT (transfer_ns, "ns", "the hypervisor's own time for the job"),
  INT (setup_ns, "ns", "of it: set-up"),
  INT (downtime_reported_ns, "ns", "the hypervisor's own figure for the downtime, measured"),
  INT (suspended_ns, "ns", "event: suspended on the source"),
  INT (resumed_ns, "ns", "event: resumed on the destination"),
  INT (last_source_heartbeat_ns, "ns", "arrival of the last heartbeat from the source"),
  INT (first_destination_heartbeat_ns, "ns", "arrival of the first heartbeat from the destination"),
  INT (heartbeat_period_ns, "ns",
       "heartbeat period in force at the last heartbeat from the source"),
  INT (answered, "1",
       "1: the first heartbeat from the destination answered a line that waited for the guest"),
  INT (lost_at_switch, "1", "sequence numbers missing between these two heartbeats"),
  INT (sent_bytes, "bytes", "bytes transferred, disks not counted"),
  INT (ram_bytes, "bytes", "memory of the guest as the hypervisor counts it"),
  INT (normal_pages, "1", "pages sent whole"),
  INT (constant_pages, "1", "pages of one repeated byte, sent as that byte"),
  INT (rounds, "1", "pre-copy rounds"),
  INT (post_copy_requests, "1",
       "pages that the guest waited for once it went on at the destination, by post-copy"),
  INT (disk_total_bytes, "bytes",
       "what was to be copied of its disks; empty: none was copied, or not known"),
  INT (disk_sent_bytes, "bytes", "what was copied of them before memory was sent"),
  INT (disk_ns, "ns",
       "how long that took: from when the destination was ready until the first round began"),
  TEXT (stop_rule, "stop rule in force, the study's or, where that cannot be imposed, the "
                   "hypervisor's own: xen-4.4, xen-4.6 or hypervisor; empty: the migration went "
                   "on without migcost, and none was imposed"),
  TEXT (stopped_by, "what ended pre-copy: rounds, pages, ram, post-copy, suspended or hypervisor; "
                    "empty: unknown"),
  INT (stop_ns, "ns", "when the stop rule was imposed; empty: never"),
  TEXT (technique, "how it was to be migrated: pre-copy, post-copy or another of migcost-study(5); "
                   "post-copy that was over before the switch has another stopped_by"),
  TEXT (control, "who drove it: direct: migcost, over connections to both hosts; peer-to-peer: the "
                 "source's libvirt daemon"),
};
#undef RECORD

#define RECORD MigRoundRecord
static const MigColumn round_columns[] = {
  RUN_KEY,
  TEXT (guest, "name of the guest"),
  INT (round, "1", "pre-copy round (iteration), from 1"),
  INT (start_ns, "ns", "arrival of the event that announced the round"),
  INT (sent_bytes, "bytes", "cumulative: bytes sent before the round"),
  INT (sent_pages, "1", "cumulative: whole and constant pages sent before the round"),
  INT (remaining_bytes, "bytes", "what the round has to send"),
  INT (dirty_pages_per_s, "pages/s", "the hypervisor's estimate of the dirty rate"),
  INT (send_bytes_per_s, "bytes/s", "the hypervisor's estimate of the transfer rate"),
};
#undef RECORD

#define RECORD MigSampleRecord
static const MigColumn sample_columns[] = {
  RUN_KEY,
  INT (time_ns, "ns", "when the sample was taken"),
  TEXT (host, "name of the host"),
  TEXT (guest, "name of the guest; empty: the host's CPUs that the study uses"),
  INT (cpu_ns, "ns",
       "cumulative: CPU time of the guest's process or domain; host: user and kernel time"),
  INT (vcpu_ns, "ns", "cumulative: CPU time of the guest's vCPUs"),
  INT (vcpu_wait_ns, "ns", "cumulative: time its vCPUs were runnable but waited for a CPU"),
  INT (management_ns, "ns",
       "cumulative: guest on QEMU: cpu_ns less vcpu_ns; host on Xen: Domain-0"),
  INT (idle_ns, "ns", "cumulative: idle time of the host's CPUs, waiting for I/O included"),
};
#undef RECORD

#define RECORD MigHeartbeatRecord
static const MigColumn heartbeat_columns[] = {
  RUN_KEY,
  TEXT (guest, "name of the guest"),
  TEXT (host, "host whose console the line came through"),
  INT (sequence, "1", "sequence number of the heartbeat"),
  INT (arrival_ns, "ns", "arrival of the line"),
  INT (guest_ns, "ns", "the guest's own monotonic clock"),
  INT (work_units, "1", "cumulative: work units done by the guest"),
  INT (period_ns, "ns", "heartbeat period in force"),
};
#undef RECORD

#define RECORD MigEventRecord
static const MigColumn event_columns[] = {
  RUN_KEY,
  INT (time_ns, "ns", "arrival of the event"),
  TEXT (host, "host it came from"),
  TEXT (guest, "name of the guest"),
  TEXT (event,
        "begun, lifecycle, iteration, job-completed, stop-rule, timeout, console, connection, "
        "state, home, moving, direct, autostart, paused, alone, observed or standstill (migcost "
        "itself did nothing, for so long)"),
  TEXT (detail, "what it said"),
};
#undef RECORD

#define RECORD MigEnvironmentRecord
static const MigColumn environment_columns[] = {
  TEXT (scope,
        "a host's name, lab, link, this machine, migcost, or identity (an existing guest's domain "
        "UUID)"),
  TEXT (name, "what the fact is about"),
  TEXT (value, "the fact"),
  TEXT (unit, "its unit; empty: a text"),
};
#undef RECORD

#define RECORD MigLimitRecord
static const MigColumn limit_columns[] = {
  TEXT (host, "host that cannot measure it"),
  TEXT (table, "the table that lacks values"),
  TEXT (column, "its column that stays empty"),
  TEXT (reason, "why it cannot"),
};
#undef RECORD

#define RECORD MigRoundTripRecord
static const MigColumn round_trip_columns[] = {
  INT (run, "1", "the run, a key of runs.csv; empty: before the first one"),
  TEXT (host, "name of the host"),
  INT (calls, "1", "calls that were timed, before and after the run's window"),
  INT (median_ns, "ns", "median of their times, to the host and back"),
  INT (low_ns, "ns", "2.5th percentile"),
  INT (high_ns, "ns", "97.5th percentile"),
};
#undef RECORD

#define RECORD MigMoveRecord
static const MigColumn move_columns[] = {
  INT (run, "1", "the run that performs the plan, a key of runs.csv"),
  TEXT (guest, "name of the guest in the plan"),
  TEXT (uuid, "UUID of its domain"),
  TEXT (source, "host that it is to leave"),
  TEXT (destination, "host that it is to go to"),
  INT (group, "1",
       "group of its source's migrations, from 0: begins when the one before has ended"),
  TEXT (after, "instead: moves of this plan, from 0, that end before it; empty: groups count"),
};
#undef RECORD

#define RECORD MigFleetRecord
static const MigColumn fleet_columns[] = {
  TEXT (vm, "name of the VM; empty: the row is about a host"),
  TEXT (host, "host where the VM is; in a host's row: its name"),
  TEXT (memory, "memory with a unit; in a host's row: memory for guests, empty: enough"),
  DOUBLE (cpus, "1", "vCPUs; in a host's row: CPUs that its guests and its management share"),
  DOUBLE (cpu, "1", "CPUs that the VM uses where it gets them; empty: all its vCPUs"),
  TEXT (used, "memory with a unit that does not consist of constant pages; empty: all"),
  TEXT (wss, "memory with a unit that the VM updates; empty: all that is used"),
  DOUBLE (dirty_pages_per_s, "pages/s", "updates where the VM gets its CPUs; empty: none"),
  TEXT (max_downtime, "longest downtime that the VM may have, with a unit; empty: any"),
  TEXT (apart, "VMs with the same word here end on different hosts; empty: with any VM"),
  TEXT (to, "host that the VM must go to when it leaves; empty: one is chosen"),
  TEXT (link, "host's row: rate of its network with a unit, each way; empty: 1 Gbit/s"),
  INT (max_parallel, "1", "host's row: migrations out of and into it at a time; empty: any number"),
  TEXT (id, "what commands call the VM, such as a UUID or a number; empty: its name"),
  TEXT (group, "host's row: rack or switch whose uplink it shares; alone in a row: that group"),
  TEXT (within, "group's row: the group that it is part of; empty: none"),
  INT (max_out, "1", "host's row: migrations out of it at a time; empty: any number"),
  INT (max_in, "1", "host's row: migrations into it at a time; empty: any number"),
  DOUBLE (overcommit, "1", "host's row: VMs' memory per its memory, at most; empty: 1"),
  TEXT (stays, "any word: the VM cannot be moved; empty: it can"),
  TEXT (cordoned, "host's row: any word: no VM goes there unless it is named; empty: any may"),
  TEXT (local_disk, "disks with a unit that --copy-storage copies; empty: none"),
};
#undef RECORD

#define RECORD MigDecisionRecord
static const MigColumn decision_columns[] = {
  INT (run, "1", "the run after which it was seen, a key of runs.csv"),
  TEXT (decision,
        "less: the case takes less time, or has less of the metric, than the other; alike: no "
        "difference of more than 5 %; not-less: the case does not have 5 % less than the other; "
        "supported, refuted: the claim is; out: nothing is asked about the case any more, and it "
        "is not run again; in: it is after all, as the run was given a smaller share; open: at the "
        "end, it is not decided; end: the run ends, or ended before it was given more time"),
  TEXT (case_label, "the case; empty: the end, or a claim"),
  TEXT (other, "the case that it is compared with; empty: it is about one"),
  INT (n, "1", "sound repetitions of the case; of two: blocks in which both were sound"),
  INT (difference_ns, "ns",
       "mean total time of the other less that of the case; of one case: its mean total time"),
  INT (low_ns, "ns", "lower end of an interval that holds however often one looks"),
  INT (high_ns, "ns", "upper end of it"),
  TEXT (detail,
        "at the end: why, or how much longer deciding would take, or why that is not known; of a "
        "case that is not run again although not all about it is decided: why"),
  TEXT (metric, "what is compared, by its name in --format json; empty: total time"),
  TEXT (class_name, "compared is one guest of this class; empty: the whole case"),
  DOUBLE (difference, "1", "of another metric: as difference_ns, in its unit"),
  DOUBLE (low, "1", "of it: as low_ns"),
  DOUBLE (high, "1", "of it: as high_ns"),
  TEXT (claim, "conclusion of the paper that it is about, such as 1 downtime; empty: none"),
};
#undef RECORD

#define RECORD MigProbeRecord
static const MigColumn probe_columns[] = {
  RUN_KEY,
  TEXT (guest, "name of the guest"),
  TEXT (
      probe,
      "udp: a packet that the guest sends back, once a period whatever became of those before; "
      "tcp: a request on a connection, asked where the last one was answered; icmp: as udp, sent "
      "back by the guest's kernel; connect: a new connection; http: a request on a new one, to the "
      "first byte of the answer; stream-to: 512 bytes of a stream to the guest, answered when they "
      "are acknowledged; stream-from: of one from it, sent when the ones before came"),
  INT (connection, "1", "which of the connections, from 1; empty: of no connection"),
  INT (sequence, "1", "its number, from 0, of this guest, kind and connection"),
  INT (due_ns, "ns", "when it was to be sent"),
  INT (sent_ns, "ns", "when it was sent: later where the prober itself waited for a CPU"),
  INT (answered_ns, "ns",
       "arrival of the answer, by the kernel's stamp for udp and icmp; empty: none came"),
  INT (covers_ns, "ns", "time until the next one was due; empty: it tells of no outage, as tcp"),
};
#undef RECORD

#define RECORD MigAnnouncementRecord
static const MigColumn announcement_columns[] = {
  RUN_KEY,
  TEXT (guest, "name of the guest"),
  TEXT (packet,
        "rarp: sent for it by the hypervisor, it moves the entries of switches; arp: gratuitous "
        "ARP, sent by its kernel, neighbours' too"),
  INT (time_ns, "ns", "arrival where the clients are, by the kernel's stamp"),
};
#undef RECORD

#define RECORD MigRequestRecord
static const MigColumn request_columns[] = {
  RUN_KEY,
  TEXT (guest, "name of the guest"),
  INT (sent_ns, "ns",
       "when it was sent, by the load generator's own clock and when it was started: some ms late"),
  INT (answered_ns, "ns", "when the answer was whole; empty: it did not come"),
  INT (status, "1", "of HTTP: 200 for what was asked for; empty: no answer came"),
  INT (given_up_ns, "ns",
       "when waiting for the answer ended, after the window; empty: the answer came"),
};
#undef RECORD

#define TABLE(index, name, Record, columns, meaning)                                               \
  [index] = { name, meaning, sizeof (Record), 0, G_N_ELEMENTS (columns), columns }
/* the same; its records say in which line of the file they stand */
#define LINES(index, name, Record, columns, meaning)                                               \
  [index] = { name,                                                                                \
              meaning,                                                                             \
              sizeof (Record),                                                                     \
              G_STRUCT_OFFSET (Record, line),                                                      \
              G_N_ELEMENTS (columns),                                                              \
              columns }

static const MigTableInfo tables[MIG_N_ALL_TABLES] = {
  TABLE (MIG_TABLE_SCHEDULE, "schedule", MigScheduleRecord, schedule_columns,
         "the plan: what was to be run, in this order"),
  TABLE (MIG_TABLE_PARAMETERS, "parameters", MigParameterRecord, parameter_columns,
         "the value of one swept parameter in one case; no rows where nothing is swept"),
  TABLE (MIG_TABLE_PREDICTIONS, "predictions", MigPredictionRecord, prediction_columns,
         "one quantity that was predicted of a case, or of one of its migrations; no rows where "
         "nothing was"),
  LINES (MIG_TABLE_RUNS, "runs", MigRunRecord, run_columns,
         "one execution of one repetition of one case, the failed ones included"),
  TABLE (MIG_TABLE_GUESTS, "guests", MigGuestRecord, guest_columns,
         "one guest in one run: what it was and whether it was sound at the end"),
  LINES (MIG_TABLE_MIGRATIONS, "migrations", MigMigrationRecord, migration_columns,
         "one migration: its times, downtimes and amounts"),
  TABLE (MIG_TABLE_ROUNDS, "rounds", MigRoundRecord, round_columns,
         "one pre-copy round of one migration"),
  TABLE (MIG_TABLE_SAMPLES, "samples", MigSampleRecord, sample_columns,
         "one sample of cumulative CPU time of a guest on a host, or of a host"),
  TABLE (MIG_TABLE_HEARTBEATS, "heartbeats", MigHeartbeatRecord, heartbeat_columns,
         "one heartbeat line as it arrived"),
  TABLE (MIG_TABLE_EVENTS, "events", MigEventRecord, event_columns, "one event"),
  TABLE (MIG_TABLE_ENVIRONMENT, "environment", MigEnvironmentRecord, environment_columns,
         "one fact about the machines and the tool"),
  TABLE (MIG_TABLE_LIMITS, "limits", MigLimitRecord, limit_columns, "why a column is empty"),
  TABLE (MIG_TABLE_ROUND_TRIPS, "round_trips", MigRoundTripRecord, round_trip_columns,
         "how long small calls to one host and back took around one run"),
  TABLE (MIG_TABLE_MOVES, "moves", MigMoveRecord, move_columns,
         "one migration of a plan that is executed, before it begins; no rows for a study"),
  TABLE (MIG_TABLE_DECISIONS, "decisions", MigDecisionRecord, decision_columns,
         "what was decided after which run, where the run ends when all that is asked is; no rows "
         "elsewhere"),
  TABLE (MIG_TABLE_PROBES, "probes", MigProbeRecord, probe_columns,
         "one probe of a guest over its network, around a migration of it, or, of a guest that "
         "stays, around those of the others; no rows where no guest has one"),
  TABLE (MIG_TABLE_ANNOUNCEMENTS, "announcements", MigAnnouncementRecord, announcement_columns,
         "one packet by which a guest showed where it is, around its migration; no rows where no "
         "guest is probed, and where they cannot be heard"),
  TABLE (MIG_TABLE_REQUESTS, "requests", MigRequestRecord, request_columns,
         "one request to a guest's server, from the baseline to the window's end; no rows "
         "where no guest has a server, or nobody plays its clients"),
  TABLE (MIG_TABLE_FLEET, "fleet", MigFleetRecord, fleet_columns, "one VM or one host"),
};

const MigTableInfo *
mig_table_info (MigTable table)
{
  g_return_val_if_fail ((guint) table < MIG_N_ALL_TABLES, NULL);
  return &tables[table];
}
