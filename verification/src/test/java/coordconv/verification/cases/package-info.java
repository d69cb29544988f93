/** What the tests draw from: random problems, their tensors, and the four passes over them. */
package coordconv.verification.cases;
