/**
 * One convolution put to several engines behind one small interface: {@link coordconv.jmh.engines.Engine}
 * names them, a {@link coordconv.jmh.engines.Engine} prepares, a {@link coordconv.jmh.engines.PreparedCall} runs.
 *
 * <p>The adapters of engines that must be downloaded live in {@code src/peers} and are compiled by
 * the Maven profile {@code peers} alone.
 */
package coordconv.jmh.engines;
