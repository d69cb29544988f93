/**
 * Times a problem beside its plain convolution and beside the micro-kernel's ceiling, and a network beside the ceiling,
 * interleaved, once a test for trend finds that times no longer fall.
 */
package coordconv.cli.timing;
