/**
 * Does the suite catch faults? Each small change of a list is planted into a copy of one source file, the tests
 * that should speak are run over it, and what they say is printed.
 */
package coordconv.faults;
