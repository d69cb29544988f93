/**
 * The mini-batch loop: data, metrics, progress, checkpoints.
 *
 * {@snippet lang=java :
 * Trainer trainer = Trainer.builder(network)
 *         .loss(new SoftmaxCrossEntropy())
 *         .optimiser(new Adam())
 *         .options(TrainingOptions.of(64, LearningRate.constant(1e-3)))
 *         .data(train)
 *         .metric(Metrics.accuracy())
 *         .build();
 * trainer.fit(20, TrainingListener.NONE);
 * double accuracy = new Evaluator(network, 64, Execution.INFERENCE).evaluate(test, Metrics.accuracy());
 * }
 */
package coordconv.layers.training;
