/**
 * One convolution, computed by several engines behind one interface: {@link coordconv.jmh.engines.EngineName} lists
 * them, an {@link coordconv.jmh.engines.Engine} prepares, a {@link coordconv.jmh.engines.PreparedCall} runs.
 *
 * <p>The adapters of engines that must be downloaded lie in {@code src/engines} and are compiled by the Maven profile
 * {@code peers} only.
 */
package coordconv.jmh.engines;
