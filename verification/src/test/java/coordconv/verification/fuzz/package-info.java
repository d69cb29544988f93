/** Every parser fed with noise and with damaged files: a sound result, or the documented refusal. */
package coordconv.verification.fuzz;
