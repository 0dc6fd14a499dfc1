# MIG_SIMGRID: --with-simgrid adds a test that compares the model of migcost plan with SimGrid's live migration.
AC_DEFUN([MIG_SIMGRID], [
  AC_ARG_WITH([simgrid],
    [AS_HELP_STRING([--with-simgrid], [compare the model of migcost plan with SimGrid's in make check (for developers)])],
    [], [with_simgrid=no])
  AS_IF([test "x$with_simgrid" != xno],
    [MIG_REQUIRE([SIMGRID], [simgrid >= 3.29], [libsimgrid-dev], [simgrid-devel])])
  AM_CONDITIONAL([WITH_SIMGRID], [test "x$with_simgrid" != xno])
])
