# MIG_TEST_TOOLS: tools that tests and developers' targets use when they are there.
AC_DEFUN([MIG_TEST_TOOLS], [
  AC_CHECK_PROG([VALGRIND], [valgrind], [valgrind])
  AC_CHECK_PROG([MANDOC], [mandoc], [mandoc])
  AC_CHECK_PROG([NM], [nm], [nm], [nm])
  AM_CONDITIONAL([HAVE_VALGRIND], [test -n "$VALGRIND"])
])
